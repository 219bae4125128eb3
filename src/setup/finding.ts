// What doctor finds, as a value.
export interface Finding {
  level: 'ok' | 'note' | 'problem';
  what: string;
  cure?: string;
}
