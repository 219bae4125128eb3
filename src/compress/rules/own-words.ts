// The user's own sentences of a prompt.
import { isSmallTalk } from './titles.ts';
import { readLines } from './words/sentences.ts';

/** A line that a program wrote. */
const output =
  /^(?:\s*at\s|File\s"|>>>|Traceback|<\w|[$>%#]\s|\d+ warnings?$)|^(?:[ewid]|error|warning|note|info|debug|fatal|\w*exception)\s*:|^\S+[/.]\S+:\d+|^\[?(?:\d+[:-]){2}\d|^[\w.]+\(.*\)?;?$|[{;]\s*$/i;
const pastedShare = 0.3;
/** "dev@laptop shop % npm test": what follows it on the screen follows it here. */
const shellPrompt = /(?:^|\s)[\w.-]+@[\w.-]+(?::\S{0,60}[$#]| \S{1,60} [%$#]) \S[^\n]*$/m;
const beforeShell = (prompt: string): string => prompt.split(shellPrompt)[0]!;

/** Mostly what a program wrote: none of it says what the user wants. */
export function isPasted(prompt: string): boolean {
  const lines = prompt.split('\n').filter((line) => line.trim() !== '');
  return lines.length >= 5 && lines.filter((line) => output.test(line)).length >= lines.length * pastedShare;
}

/** The user's own sentences, without small talk and pasted output; questions among them only `withQuestions`. */
export function ownWords(prompt: string, withQuestions = false): string[] {
  if (isPasted(prompt)) return [];
  return (
    readLines(beforeShell(prompt))
      .filter(({ kind }) => kind === 'prose' || kind === 'item')
      .flatMap(({ sentences }) => sentences)
      // Many prompts are typed without capitals.
      .flatMap((sentence) => sentence.split(/(?<=[!！])\s+|(?<=(?:\p{Ll}{3}|\d)\.)\s+(?=\p{Ll}{2})/u))
      .filter((sentence) => !output.test(sentence))
      .filter(
        (sentence) => sentence.length <= 300 && (withQuestions || !/[?？¿]/.test(sentence)) && !isSmallTalk(sentence),
      )
  );
}
