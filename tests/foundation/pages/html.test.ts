import { expect, test } from 'vitest';
import { html, withCode } from '../../../src/foundation/pages/html.ts';

test('texts are escaped, and markup is not', () => {
  expect(html`<p title="${'"a" & \'b\''}">${'<i>'}${html`<b>${1}</b>`}${['x', html`<br>`]}</p>`.markup).toBe(
    '<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;i&gt;<b>1</b>x<br></p>',
  );
});

test('what stands between backticks is code, and escaped all the same', () => {
  expect(withCode('Use `a < b`, or `c`.').markup).toBe('Use <code>a &lt; b</code>, or <code>c</code>.');
  expect(withCode('No code.').markup).toBe('No code.');
});
