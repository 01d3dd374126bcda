/** A name without the hash with which CDK ends a logical id, and without the one that a target or a route ends with here. */
export function readableName(name: string): string {
  return name.replace(/-[0-9a-f]{8}$/, '').replace(/(?<=\w)[0-9A-F]{8}\b/g, '');
}

/** A sentence of AWS with names instead of the ARNs of target groups, and with numbers that people can take in. */
export function readableSentence(sentence: string): string {
  return sentence
    .replace(/arn:[^\s)]*:targetgroup\/([^\s)/]+)[^\s)]*/g, '$1')
    .replace(/\d+\.\d{3,}/g, (number) => `${Math.round(Number(number) * 100) / 100}`);
}
