/** Pages of help that belong to no command, and what each is about; pages.ts holds them. */
export const topics: Readonly<Record<string, string>> = {
  format: 'What stands in a record, and how to write one by hand',
  trust: 'Whose records a session is told',
  settings: 'Every setting, its default, who may set it',
  hooks: 'What runs when in an agent, and how to switch it off',
  protocol: 'How other agents take part',
};
