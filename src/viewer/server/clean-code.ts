/** Code as it stands, but for what cannot be seen. */
export function cleanCode(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '\ufffd');
}
