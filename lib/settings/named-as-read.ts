import type { ChosenStage } from './chosen-stage';
import { stageKeyName } from './stages';

/**
 * A message with the keys named as they were read: `prod:desiredCount` where the value is that of stage prod.
 *
 * The rules over the settings need not know of stages: they speak of keys without one, and all that they say comes through here. What
 * stands in quotes is a value of the user's.
 */
export function namedAsRead(message: string, stage: string | undefined, stagedKeys: ChosenStage['stagedKeys']): string {
  if (stage === undefined || stagedKeys.length === 0) {
    return message;
  }
  const isWord = (key: string) => key === key.toLowerCase();
  // A key that is a word, such as guard, is meant only where a value or the rest of the line follows.
  const key = `(?:${stagedKeys.map((each) => (isWord(each) ? `${each}(?==|:|, \\w+[,:])` : each)).join('|')})(?![\\w-])`;
  const pattern = new RegExp(`"(?<inFile>${key})"(?=:)|"(?:[^"\\\\]|\\\\.)*"|(?<![\\w:.-])(?<plain>${key})`, 'g');
  return message.replace(pattern, (found, inFile?: string, plain?: string) => {
    if (inFile !== undefined) {
      return `"${stageKeyName(stage, inFile)}"`;
    }
    return plain === undefined ? found : stageKeyName(stage, plain);
  });
}
