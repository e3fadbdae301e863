"""Runs the functions test_* of one file, in their order, and prints what became of each as a line of JSON."""

import importlib.util
import json
import os
import sys
import traceback


def load(path):
    sys.path[:0] = [os.path.dirname(path), os.path.dirname(os.path.abspath(__file__))]
    spec = importlib.util.spec_from_file_location("tests", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(test):
    try:
        test()
    except Exception:  # whatever it is, it is what became of this test
        return traceback.format_exc()
    return None


for name, test in vars(load(sys.argv[1])).copy().items():
    if name.startswith("test_"):
        print(json.dumps({"name": name, "fault": run(test)}), flush=True)
