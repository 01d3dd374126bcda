import { OperateError } from '../operate-error';
import type { VerifyItem } from './verify-item';

/** What a look at something found. */
export type Found = readonly [verdict: VerifyItem['verdict'], sentence: string, mend?: VerifyItem['mend']];

/** Looks at something; what AWS does not let somebody see is not looked at. */
export async function looked(item: Pick<VerifyItem, 'part' | 'name'>, look: () => Promise<Found>): Promise<VerifyItem> {
  try {
    const [verdict, sentence, mend] = await look();
    return { ...item, verdict, sentence, ...(mend && { mend }) };
  } catch (error) {
    if (!(error instanceof OperateError || isAnswerOfAws(error))) {
      throw error;
    }
    return { ...item, verdict: 'not looked at', sentence: (error as Error).message };
  }
}

/**
 * What AWS answers; `undefined` when it says that there is nothing.
 *
 * @param names of the errors that say so
 */
export async function notFound<T>(names: string | readonly string[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && [names].flat().includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}

function isAnswerOfAws(error: unknown): boolean {
  return error instanceof Error && '$metadata' in error;
}
