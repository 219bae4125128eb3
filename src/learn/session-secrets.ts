// Secret values found in a session, kept for its later claims: encrypted beside the session's state, with a key beside the user's
// settings. A copy of the repository's folder does not reveal them.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import { privateFile } from '../compress/claims/claim.ts';
import { stateFile } from '../compress/claims/session-state.ts';
import type { SessionSecrets } from '../compress/claims/dependencies.ts';
import type { Memory } from '../memory/open.ts';
import { userFolder } from '../settings/user-folder.ts';
import type { Redactor } from '../memory/redactor.ts';
import { writeFileAtomic } from '../store/atomic.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Never throws: without a key or a writable disk the values are known only while the compressor runs. */
export function sessionSecrets({ env, paths }: Pick<Memory, 'env' | 'paths'>, redactor: Redactor): SessionSecrets {
  const keyFile = join(userFolder(env), 'session-key');
  const fileOf = (session: string): string => stateFile(paths, session, '.secrets');
  return {
    learn: redactor.learn,
    mask: redactor.maskLearned,
    recall: (session) => {
      const text = attempt(() => decrypt(readFileSync(fileOf(session)), readFileSync(keyFile)));
      // Undefined: none yet, or another user's.
      if (text !== undefined) redactor.learn(JSON.parse(text) as string[]);
    },
    keep: (session) => {
      const values = redactor.learned();
      if (values.length === 0) return;
      attempt(() => {
        const iv = env.randomBytes(ivBytes);
        writeFileAtomic(fileOf(session), encrypt(JSON.stringify(values), readKey(keyFile, env), iv), privateFile);
      });
    },
  };
}

function readKey(file: string, env: Memory['env']): Uint8Array {
  const key = attempt(() => readFileSync(file));
  if (key?.length === keyBytes) return key;
  writeFileAtomic(file, env.randomBytes(keyBytes), privateFile);
  return readFileSync(file);
}

function encrypt(text: string, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv(algorithm, key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function decrypt(bytes: Buffer, key: Uint8Array): string {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
}
