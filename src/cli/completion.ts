import { observationTypes } from '../domain/types.ts';
import { topics, usageError, type CliContext, type Command } from './command.ts';

const shells = { bash, zsh, fish };

export const command: Command = {
  usage: 'completion bash|zsh|fish',
  details:
    'Prints a script for your shell. bash: eval "$(repomem completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc, after compinit;\n' +
    'fish: repomem completion fish > ~/.config/fish/completions/repomem.fish',
  options: {},
  words: { max: 1 },
  async run({ print, commands }, _values, [shell = '']) {
    if (!Object.hasOwn(shells, shell))
      throw usageError(`completion: expected bash, zsh or fish; got '${shell}'`, 'such as: repomem completion bash');
    print.write(shells[shell as keyof typeof shells](await readRows(commands)));
    return 0;
  },
};

interface Row {
  name: string;
  summary: string;
  /** What may follow it. */
  words: string[];
}

const types = Object.keys(observationTypes).join(' ');

async function readRows(commands: CliContext['commands']): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const { options } = await load();
    const own = name === 'completion' ? Object.keys(shells) : [];
    rows.push({ name, summary, words: [...own, ...Object.keys(options).map((key) => `--${key}`), '--help'] });
  }
  return [
    ...rows,
    { name: 'help', summary: 'Pages of help', words: [...Object.keys(commands), ...Object.keys(topics)] },
  ];
}

function bash(rows: readonly Row[]): string {
  return `# repomem for bash
_repomem() {
  local words='' current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${rows.map(({ name }) => name).join(' ')}'
  elif [ "$before" = --type ] || [ "$before" = -t ]; then
    words='${types}'
  else
    case "\${COMP_WORDS[1]}" in
${rows.map(({ name, words }) => `      ${name}) words='${words.join(' ')}' ;;`).join('\n')}
    esac
    case "$current" in -*) ;; *) case "\${COMP_WORDS[1]}" in help|completion) ;; *) words='' ;; esac ;; esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _repomem repomem
`;
}

/** zsh reads the function of bash. */
function zsh(rows: readonly Row[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(rows)}`;
}

function fish(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ name, summary, words }) => {
    const options = words.filter((word) => word.startsWith('--'));
    const rest = words.filter((word) => !word.startsWith('--'));
    const after = `complete -c repomem -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c repomem -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", String.raw`\'`)}'`,
      ...options.map((option) => `${after} -l ${option.slice(2)}`),
      ...(rest.length > 0 ? [`${after} -f -a '${rest.join(' ')}'`] : []),
    ];
  });
  const ofTypes = "complete -c repomem -n '__fish_seen_subcommand_from list search add' -l type -s t -x";
  return ['# repomem for fish', ...lines, `${ofTypes} -a '${types}'`, ''].join('\n');
}
