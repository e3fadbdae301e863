"""An independent reading and writing of what the encrypted store keeps, with PyCryptodome; bytes are hex in JSON."""
import hashlib
import json
import os
import sys

from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.Hash import SHA1, SHA256
from Crypto.Protocol.KDF import HKDF
from Crypto.PublicKey import RSA


def parts(*values):
    """The one encoding of a list: the length of each part before it."""
    as_bytes = [v.encode() if isinstance(v, str) else v.to_bytes(8, "big") if isinstance(v, int) else v for v in values]
    return b"".join(len(b).to_bytes(4, "big") + b for b in as_bytes)


def derive(secret, *purpose):
    return HKDF(secret, 32, b"", SHA256, context=parts(*purpose))


def gcm(key, nonce, header, about):
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16)
    cipher.update(header + about)
    return cipher


def open_box(key, header_size, about, box):
    header, nonce = box[:header_size], box[header_size : header_size + 12]
    return gcm(key, nonce, header, about).decrypt_and_verify(box[header_size + 12 : -16], box[-16:])


def open_secret(master, id, version, record):
    assert record[:4] == b"LKS\x01"
    about = parts("secret", id, version, int.from_bytes(record[4:8], "big"))
    padded = open_box(derive(master, "secret", id), 8, about, record)
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def seal_secret(master, key_version, id, version, value):
    bucket = max(64, -(-len(value) // 64) * 64) if len(value) <= 1024 else 1 << (len(value) - 1).bit_length()
    header, nonce = b"LKS\x01" + key_version.to_bytes(4, "big"), os.urandom(12)
    cipher = gcm(derive(master, "secret", id), nonce, header, parts("secret", id, version, key_version))
    sealed, tag = cipher.encrypt_and_digest(len(value).to_bytes(4, "big") + value.ljust(bucket, b"\0"))
    return header + nonce + sealed + tag


def open_session(secret, id, user, token, expires, row):
    assert row[:4] == b"LKK\x01"
    return open_box(derive(secret, "session", id), 4, parts("session", id, user, token, expires), row)


def open_wrap(private_key, wrap):
    key = RSA.import_key(private_key)
    if len(wrap) == key.size_in_bytes():
        return PKCS1_OAEP.new(key, hashAlgo=SHA1).decrypt(wrap)
    return PKCS1_OAEP.new(key, hashAlgo=SHA256, label=wrap[:24]).decrypt(wrap[24:])


def legacy_wrap(public_key, master):
    return PKCS1_OAEP.new(RSA.import_key(public_key)).encrypt(master)


def legacy_encrypt(master, text, form):
    """As NetBox did since 2.4.8 (bytes), before it (code-points), and before 2.2.7 (characters)."""
    size = len(text.decode()) if form == "characters" else len(text)
    header = size.to_bytes(2, "big") if form == "bytes" else chr(size >> 8).encode() + chr(size % 256).encode()
    fill = 62 - size if size <= 62 else -(size + 2) % 16
    iv = os.urandom(16)
    return iv + AES.new(master, AES.MODE_CFB, iv).encrypt(header + text + os.urandom(fill))


def legacy_decrypt(master, row):
    padded = AES.new(master, AES.MODE_CFB, row[:16]).decrypt(row[16:])
    return padded[2 : 2 + int.from_bytes(padded[:2], "big")]


def legacy_hash(text, salt):
    return hashlib.pbkdf2_hmac("sha256", text, salt.encode(), 1000)


def answer(name, arguments):
    given = [bytes.fromhex(a["hex"]) if isinstance(a, dict) else a for a in arguments]
    return globals()[name](*given).hex()


json.dump([answer(name, arguments) for name, *arguments in json.load(sys.stdin)], sys.stdout)
