/** Of fewer records than the first number there is nothing to spare; of more than the second it is worth it to prepare for a long run. */
const worthwhile = [300, 5000] as const;

/**
 * A process that reads a few thousand records and ends does not live to see what V8 prepares for: code compiled for speed, which takes a third
 * of its time and ten megabytes, and ever more room for young objects, which takes sixteen. Where nobody has counted, ten thousand records take a
 * tenth longer this way. What is returned gives V8 its choices back, and is to be called: compiled code that is kept for the next run says with
 * which choices it was made.
 */
export async function startShortRun(count: number = worthwhile[0]): Promise<() => void> {
  if (count < worthwhile[0] || count > worthwhile[1]) return () => undefined;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--no-opt');
  setFlagsFromString('--semi-space-growth-factor=1');
  return () => {
    setFlagsFromString('--opt');
    setFlagsFromString('--semi-space-growth-factor=2');
  };
}
