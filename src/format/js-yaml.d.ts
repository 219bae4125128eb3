/** The part of js-yaml 3 that the codec uses. */
declare module 'js-yaml' {
  interface State {
    anchor: string | null | undefined;
    line: number;
  }
  const jsYaml: {
    FAILSAFE_SCHEMA: object;
    safeLoad(text: string, options: { schema: object; listener(when: 'open' | 'close', state: State): void }): unknown;
  };
  export default jsYaml;
}
