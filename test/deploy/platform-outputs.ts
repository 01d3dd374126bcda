/** The output of the platform that holds what is to be put in place of the value of a key. */
export function outputOf(key: string): string {
  return key.replace(/\W/g, '');
}
