/** What came of a call, or something else when what it asks for is not there any more: somebody may have taken it away by hand. */
export async function unlessGone<T>(call: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /NotFound/.test(error.name)) {
      return otherwise;
    }
    throw error;
  }
}
