// The mails as a browser shows them: by day and by night, on a phone, with axe looking.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previews } from '../../emails/previews.ts';
import { chromiumFound, launchBrowser } from '../support/browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const mails = previews.map(({ id, render }) => ({ id, html: render().html }));

// Without a browser on the machine these are left out.
describe.skipIf(!chromiumFound)('the mails in a browser', () => {
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 360, height: 800 } });
    page.on('request', (request) => requested.push(request.url()));
  }, 60_000);
  afterAll(() => browser.close());

  describe.each(mails)('$id on a phone', ({ html }) => {
    test('has no accessibility violation by day or by night', { timeout: 60_000 }, async () => {
      await page.setContent(html);
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
        ).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain('color-contrast');
      }
    });

    test('fits the width, with letters of 16 px or more and links 44 px tall, and fetches nothing', async () => {
      requested.length = 0;
      await page.setContent(html);
      const seen = await page.evaluate(() => {
        const small: string[] = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const element = walker.currentNode.parentElement;
          if (!element?.checkVisibility() || !walker.currentNode.textContent?.trim()) continue;
          if (parseFloat(getComputedStyle(element).fontSize) < 16) small.push(walker.currentNode.textContent);
        }
        const links = [...document.querySelectorAll('a')];
        return {
          width: document.documentElement.scrollWidth,
          small,
          low: links
            .filter((link) => link.getBoundingClientRect().height < 44)
            .map((link) => link.textContent),
        };
      });
      expect(seen).toEqual({ width: 360, small: [], low: [] });
      expect(requested).toEqual([]);
    });
  });
});
