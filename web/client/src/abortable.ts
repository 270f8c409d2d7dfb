/** `work`, but no longer than until the signal is aborted; then it rejects with the signal's reason. */
export async function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let aborted = (): void => undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      aborted = () => reject(signal.reason as Error);
      if (signal.aborted) aborted();
      signal.addEventListener("abort", aborted);
      work.then(resolve, reject);
    });
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}
