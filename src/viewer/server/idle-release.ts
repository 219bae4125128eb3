// Gives back the memory that answers left behind. V8 collects while a program allocates, which a server that rests does not: the young generation
// and the garbage of the last answers, half of the process, would stay for as long as it rests.
import { collectGarbage } from '../../store/collect-garbage.ts';

/** Longer than a reader thinks between two words. */
const restMs = 8000;

/** `onQuestion` is called with each question: some seconds after the last one `release` is called and garbage collected, once. */
export function releaseWhenIdle(release: () => void): { onQuestion(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    onQuestion: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        release();
        void collectGarbage();
      }, restMs).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
