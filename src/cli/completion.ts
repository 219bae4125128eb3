import { RepomemError } from '../domain/errors.ts';
import { observationTypes } from '../domain/types.ts';
import type { CliContext, Command } from './command.ts';
import { topics } from './topics.ts';

const shells = { bash, zsh, fish } as const;
type Shell = keyof typeof shells;

export const command: Command = {
  usage: 'completion bash|zsh|fish',
  details:
    'Prints a script for your shell. bash: eval "$(repomem completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc, after compinit;\n' +
    'fish: repomem completion fish > ~/.config/fish/completions/repomem.fish',
  options: {},
  maxWords: 1,
  async run({ print, commands }, _values, [shell]) {
    if (shell === undefined || !Object.hasOwn(shells, shell))
      throw new RepomemError('usage', `completion: expected bash, zsh or fish; got '${shell ?? ''}'`, {
        hint: 'such as: repomem completion bash',
      });
    print.write(shells[shell as Shell](await readWords(commands)));
    return 0;
  },
};

interface Words {
  /** Command → its options with their dashes. */
  options: Map<string, { summary: string; words: string[] }>;
  types: string[];
  topics: string[];
}

async function readWords(commands: CliContext['commands']): Promise<Words> {
  const options: Words['options'] = new Map();
  for (const [name, entry] of Object.entries(commands)) {
    const { command: one } = await entry.load();
    options.set(name, {
      summary: entry.summary,
      words: [...Object.keys(one.options).map((key) => `--${key}`), '--help'],
    });
  }
  options.set('help', { summary: 'Pages of help', words: [] });
  return { options, types: Object.keys(observationTypes), topics: Object.keys(topics) };
}

/** Arms of a `case` over the command's name, the same words to bash and zsh. */
function arms({ options, topics: pages }: Words): string[] {
  return [
    `      help) words='${[...options.keys(), ...pages].join(' ')}' ;;`,
    "      completion) words='bash zsh fish --help' ;;",
    ...[...options]
      .filter(([name]) => name !== 'help' && name !== 'completion')
      .map(([name, { words }]) => `      ${name}) words='${words.join(' ')}' ;;`),
  ];
}

function bash(words: Words): string {
  return `# repomem for bash
_repomem() {
  local words='' current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...words.options.keys()].join(' ')}'
  elif [ "$before" = --type ] || [ "$before" = -t ]; then
    words='${words.types.join(' ')}'
  else
    case "\${COMP_WORDS[1]}" in
${arms(words).join('\n')}
    esac
    case "$current" in -*) ;; *) case "\${COMP_WORDS[1]}" in help|completion) ;; *) words='' ;; esac ;; esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _repomem repomem
`;
}

function zsh(words: Words): string {
  return `#compdef repomem
_repomem() {
  local current="\${words[CURRENT]}" list=''
  if (( CURRENT == 2 )); then
    list='${[...words.options.keys()].join(' ')}'
  elif [[ "\${words[CURRENT-1]}" == (--type|-t) ]]; then
    list='${words.types.join(' ')}'
  else
    case "\${words[2]}" in
${arms(words)
  .map((arm) => arm.replace("words='", "list='"))
  .join('\n')}
    esac
    if [[ "$current" != -* && "\${words[2]}" != (help|completion) ]]; then _files; return; fi
  fi
  compadd -- \${=list}
}
compdef _repomem repomem
`;
}

function fish({ options, types, topics: pages }: Words): string {
  const lines = [...options].flatMap(([name, { summary, words }]) => [
    `complete -c repomem -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", String.raw`\'`)}'`,
    ...words.map((word) => `complete -c repomem -n '__fish_seen_subcommand_from ${name}' -l ${word.slice(2)}`),
  ]);
  return [
    '# repomem for fish',
    ...lines,
    `complete -c repomem -n '__fish_seen_subcommand_from help' -f -a '${[...options.keys(), ...pages].join(' ')}'`,
    "complete -c repomem -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'",
    `complete -c repomem -n '__fish_seen_subcommand_from list search add' -l type -s t -x -a '${types.join(' ')}'`,
    '',
  ].join('\n');
}
