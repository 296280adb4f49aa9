import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', '..', 'messages');
const locales = ['en', 'es', 'zh-CN', 'zh-TW'];
const areas = readdirSync(folder);

const read = (area: string, locale: string): Record<string, string> => {
  const { $schema: _, ...words } = JSON.parse(readFileSync(join(folder, area, `${locale}.json`), 'utf8')) as Record<string, string>;
  return words;
};
const holes = (word: string): string[] => [...new Set([...word.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();

describe('every text exists in every language', () => {
  test.each(areas)('%s has the same keys in all four files', (area) => {
    const keys = Object.keys(read(area, 'en')).sort();
    expect(keys.length).toBeGreaterThan(0);
    for (const locale of locales) expect(Object.keys(read(area, locale)).sort(), locale).toEqual(keys);
  });

  test.each(areas)('%s fills the same values into all four texts, and none is empty', (area) => {
    const english = read(area, 'en');
    for (const locale of locales) {
      for (const [key, word] of Object.entries(read(area, locale))) {
        expect(word.trim(), `${locale} ${key}`).not.toBe('');
        expect(holes(word), `${locale} ${key}`).toEqual(holes(english[key] ?? ''));
      }
    }
  });

  test('the settings of the compiler name every folder of texts', () => {
    const settings = JSON.parse(readFileSync(join(folder, '..', 'project.inlang', 'settings.json'), 'utf8')) as Record<string, { pathPattern: string[] }>;
    expect(settings['plugin.inlang.messageFormat']?.pathPattern.map((pattern) => pattern.split('/')[2]).sort()).toEqual([...areas].sort());
  });
});

describe('Chinese is written as its readers write it', () => {
  test('Taiwan reads its own characters and words', () => {
    for (const area of areas) {
      for (const [key, word] of Object.entries(read(area, 'zh-TW'))) {
        expect(word, key).not.toMatch(/[这为们对应请从设电话时间开关闭发队]/u);
        expect(word, key).not.toMatch(/登录|用户|默认|网络|服务器|搜索|工单|坐席/u);
      }
    }
  });
});
