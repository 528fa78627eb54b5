/** Letters of other scripts that look like Latin ones: each group by the Latin letter. Capitals may look like another letter than their small form. */
const capitals = 'aАΑ bВΒ cСϹ eЕΕ hНΗ iІΙӀ jЈ kКΚ mМΜ nΝ oОΟ pРΡ qԚ sЅ tТΤ wԜ xХΧ yУΥҮ zΖ';
const smallLetters =
  'aаαɑ bвьβ cсϲ dԁ eеєε gɡ hһн iіιıӏ jјϳ kкκ mм nηп oоοσ pрρ qԛ rг sѕ tтτ uυ vνѵ wԝω xхχ yуүγ';
/** What many fonts show alike inside Latin. */
const alike = 'l1|i o0';

/** Letters with a line through them, which no form of Unicode takes apart. */
const crossed = 'dđ hħ lł oø';

const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2800]/gu;

/**
 * The forms of a name in which names that look alike are equal: compatible forms, case, marks, what cannot be seen, spaces and
 * letters of other scripts are folded. Two forms, since a capital may look like another Latin letter than its small form.
 */
export function foldLookalikes(name: string): string[] {
  const plain = name
    .normalize('NFKC')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/g, ' ')
    .replace(invisible, '')
    .replace(/ +/g, ' ')
    .trim();
  return [...new Set([fold(swap(plain, capitals)), fold(plain)])];
}

function fold(text: string): string {
  const small = text.toLowerCase().replace(/\p{M}+/gu, '');
  return [smallLetters, crossed, alike].reduce(swap, small);
}

// The table is made here, not once for the module, so that bundles that compare no names do not hold it.
function swap(text: string, groups: string): string {
  const letters = table(groups);
  return [...text].map((letter) => letters.get(letter) ?? letter).join('');
}

function table(groups: string): Map<string, string> {
  const pairs = groups
    .split(' ')
    .flatMap(([latin = '', ...others]) => others.map((other): [string, string] => [other, latin]));
  return new Map(pairs);
}
