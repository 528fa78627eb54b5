import type { Page } from 'playwright-core';

/** Least contrast of text by WCAG 2.2, success criterion 1.4.3. */
const least = 4.5;

/** Texts on the page that are too faint, each with its contrast to what is behind it. */
export function contrastProblems(page: Page): Promise<string[]> {
  return page.evaluate(`(${measure.toString()})(${least})`);
}

/** Runs in the browser. Formula of WCAG 2.2, "relative luminance". */
function measure(limit: number): string[] {
  // biome-ignore lint/suspicious/noExplicitAny: types of the browser are not known to the tests
  const { document, getComputedStyle } = globalThis as any;
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // biome-ignore lint/suspicious/noExplicitAny: an element of the browser
  const backgroundOf = (element: any): string => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? backgroundOf(element.parentElement) : color;
  };
  const problems: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const nodes: { nodeType: number; textContent: string }[] = [...element.childNodes];
    const hasText = nodes.some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim() !== '');
    if (!hasText) continue;
    const [text, behind] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))];
    const contrast = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    if (contrast < limit) problems.push(`${element.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return problems;
}
