// Doctor's findings as values.
export interface Finding {
  level: 'ok' | 'note' | 'problem';
  what: string;
  cure?: string;
}
