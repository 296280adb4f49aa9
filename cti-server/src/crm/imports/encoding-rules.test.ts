import { isUtf8 } from 'node:buffer';
import { expect, it } from 'vitest';
import { detectEncoding } from './encoding-rules.ts';

const detect = (bytes: Uint8Array) => detectEncoding(bytes, isUtf8(bytes));
const spanish = 'nombre,ciudad\r\nMaría Núñez,Cádiz\r\nÍñigo Peña,«León»\r\n';
const chinese = '姓名,城市\r\n王芳,上海\r\n李小明,广州市天河区\r\n';

/** Latin-1 and UTF-16 by Node; GB18030, which nothing here writes, from its code points. */
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const gb = Buffer.from('d0d5c3fb2cb3c7cad00d0acdf5b7bc2cc9cfbaa30d0ac0eed0a1c3f72cb9e3d6ddcad0ccecbad3c7f80d0a', 'hex');

it.each([
  ['UTF-8', Buffer.from(spanish), 'utf-8'],
  ['UTF-8 with its mark', Buffer.from(`\uFEFF${chinese}`), 'utf-8'],
  ['plain ASCII', Buffer.from('a,b\n'), 'utf-8'],
  ['an empty file', Buffer.from(''), 'utf-8'],
  ['UTF-16 LE with its mark', Buffer.from(`\uFEFF${chinese}`, 'utf16le'), 'utf-16le'],
  ['UTF-16 BE with its mark', bigEndian(`\uFEFF${spanish}`), 'utf-16be'],
  ['UTF-16 LE without a mark', Buffer.from(spanish, 'utf16le'), 'utf-16le'],
  ['UTF-16 LE in Chinese without a mark', Buffer.from(chinese, 'utf16le'), 'utf-16le'],
  ['UTF-16 BE without a mark', bigEndian(chinese), 'utf-16be'],
  ['Latin-1', Buffer.from(spanish, 'latin1'), 'windows-1252'],
  ['Latin-1 with letters side by side', Buffer.from('São,Ñuñoa\nçãé,João\nMüßig,Çöl\n', 'latin1'), 'windows-1252'],
  ['GB18030', gb, 'gb18030'],
] as const)('%s', (_name, bytes, expected) => expect(detect(bytes)).toBe(expected));

it('the bytes of the GB18030 sample are the Chinese one', () => expect(new TextDecoder('gb18030').decode(gb)).toBe(chinese));
