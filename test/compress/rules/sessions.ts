// Whole invented sessions of different kinds: a hunt for a bug, a refactoring with a rejected way, work on documents in German.
import type { Event } from '../../../src/domain/event.ts';
import { close, commit, create, edit, prompt, run, say, tellSession } from './session.ts';

export const pythonHunt: readonly Event[] = tellSession([
  prompt('Users report that their cart is empty after login. Find out why and fix it.'),
  say("Let me look at the session middleware first. I'll start with the tests."),
  run(
    'pytest tests/test_cart.py',
    'FAILED tests/test_cart.py::test_cart_survives_login - KeyError: "cart_id"\n1 failed, 11 passed in 0.84s',
    false,
  ),
  say(
    'The real issue is that `merge_carts()` in `shop/cart.py` is called before the signal `user_logged_in` has set the user. Let me move the call.',
  ),
  edit('shop/signals.py', ['merge_carts(request)'], ['transaction.on_commit(lambda: merge_carts(request))'], 18),
  run(
    'pytest tests/test_cart.py',
    'FAILED tests/test_cart.py::test_cart_survives_login - KeyError: "cart_id"\n1 failed, 11 passed in 0.86s',
    false,
  ),
  say(
    'So the order of signals was not it. Root cause: `cycle_key()` is replaced by `flush()` in `shop/auth.py`, and `flush()` drops the data of the session, so `merge_carts()` finds no `cart_id`.',
  ),
  edit('shop/signals.py', ['transaction.on_commit(lambda: merge_carts(request))'], ['merge_carts(request)'], 18),
  edit('shop/auth.py', ['    request.session.flush()'], ['    request.session.cycle_key()'], 52),
  run('pytest tests/test_cart.py', '12 passed in 0.81s'),
  {
    kind: 'answer',
    question:
      'Sessions that were flushed already have lost their carts. Should a migration restore them from the logs?',
    answer: 'no, carts older than a day are worthless',
  },
  commit(
    'fix: keep the cart when a guest logs in\n\n`flush()` threw the session away; `cycle_key()` changes its id and keeps the data.\n\nCarts that were lost before are not restored.',
  ),
  run('git status', 'On branch main\nChanges not staged for commit:\n\tmodified:   shop/settings_local.py'),
  close(
    'The cart survives the login now: `cycle_key()` keeps the data that `flush()` dropped. `shop/settings_local.py` is still uncommitted, it holds your database port.',
  ),
]);

export const rustRefactor: readonly Event[] = tellSession([
  prompt('Split the parser crate, it compiles too slowly. Never add a dependency without asking me.'),
  run('cargo build --timings', 'Finished `dev` profile in 48.2s'),
  say(
    'I tried to put the grammar behind a `build.rs` script, but that did not help: `cargo build` still runs the script whenever a file of `grammar/` changes.',
  ),
  say(
    'We split `parser` into `parser-lexer` and `parser-tree` instead of using a procedural macro, because macros are expanded again with every change and cannot be cached.',
  ),
  create('crates/parser-lexer/src/lib.rs', [
    '//! Turns source text into tokens; knows nothing of trees.',
    "pub struct Lexer<'a> {",
    'pub fn tokenize(source: &str) -> Vec<Token> {',
  ]),
  run(
    'cargo test',
    'error[E0433]: failed to resolve: use of undeclared crate or module `lexer`\n  --> crates/parser-tree/src/lib.rs:3:5\ntest result: FAILED',
    false,
  ),
  say('`parser-tree` must name the crate as `parser_lexer`, since dashes become underscores in paths.'),
  edit('crates/parser-tree/src/lib.rs', ['use lexer::Token;'], ['use parser_lexer::Token;'], 3),
  run('cargo test', 'test result: ok. 131 passed; 0 failed; finished in 2.02s'),
  run('cargo build --timings', 'Finished `dev` profile in 19.7s'),
  commit(
    'refactor: split the parser into lexer and tree\n\nA change of the tree no longer compiles the lexer again: 48 s become 20 s.',
  ),
  close('The parser is two crates now, and a build takes 19.7 s instead of 48.2 s.'),
]);

export const germanDocs: readonly Event[] = tellSession([
  prompt('Bitte überarbeite die Anleitung zur Sicherung. Schreibe Pfade immer absolut.'),
  { kind: 'read', path: 'docs/sicherung.md' },
  say(
    'Die Anleitung nennt noch `pg_dump --clean`, die Sicherung läuft aber seit März mit `pgbackrest`. Deshalb schlägt jede Wiederherstellung nach dieser Anleitung fehl.',
  ),
  {
    kind: 'answer',
    question: 'Soll der alte Weg mit `pg_dump` als Anhang bleiben?',
    answer: 'Nein, streichen. Er hat zweimal zu Datenverlust geführt.',
  },
  edit(
    'docs/sicherung.md',
    ['Sichern Sie mit pg_dump --clean.'],
    ['Die Sicherung läuft jede Nacht um 02:30 Uhr mit `pgbackrest --stanza=main backup`.'],
    12,
  ),
  run('npx markdownlint docs', 'docs/sicherung.md:14 MD040 error: language missing\n1 error', false),
  edit('docs/sicherung.md', ['```'], ['```sh'], 14),
  run('npx markdownlint docs', '0 errors'),
  commit(
    'docs: Sicherung mit pgbackrest beschreiben\n\nDer alte Weg mit pg_dump ist gestrichen: Er hat Daten gekostet.',
  ),
  close(
    'Die Anleitung beschreibt jetzt `pgbackrest`; offen ist noch das Kapitel über die Wiederherstellung einzelner Tabellen.',
  ),
]);
