/** How long an app may take to answer whether it is healthy, in milliseconds. */
const answerPatienceMs = 2000;

/**
 * Asks an app whether it is healthy.
 *
 * @returns such as `status 200`, or `no answer`
 */
export async function healthOf(port: number, path: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerPatienceMs)]),
    });
    await answer.arrayBuffer();
    return `status ${answer.status}`;
  } catch {
    return 'no answer';
  }
}
