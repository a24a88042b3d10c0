/** Asks again until there is an answer, at most 40 seconds. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  state: () => Promise<string> = async () => '',
): Promise<Answer> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited 40 s for ${what} in vain ${await state()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
