/** The flag of node under which `eval` and `new Function` throw in the whole process. */
export const noCodeGeneration = '--disallow-code-generation-from-strings';

/** Whether this process may compile text to code, by whichever way it was started. */
export function generatesCode(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
