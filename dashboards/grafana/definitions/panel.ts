import type { Language } from '../../../src/foundation/text/language.ts';

/** A text for each language that pages exist in: English, then Portuguese. */
export type Texts = readonly [en: string, ptBr: string];

export function inLanguage([en, ptBr]: Texts, language: Language): string {
  return language === 'en' ? en : ptBr;
}

export interface Query {
  /** PromQL, with Grafana's `$team` and `$__rate_interval`. */
  readonly expr: string;
  /** What a line is called: a word, or labels such as `{{team}}`. */
  readonly legend?: string | Texts;
}

/** One panel, as far as a person decides about it. */
export interface Panel {
  readonly title: Texts;
  /** What the number says, for whom has never seen it. */
  readonly about: Texts;
  readonly kind: 'stat' | 'timeseries' | 'bargauge';
  /** Grafana's name of the unit: bytes, Bps, s, percentunit, short, reqps, dateTimeFromNow, bool. */
  readonly unit: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** Values from which it turns amber and red. */
  readonly limits?: readonly [amber: number, red: number];
  /** Shows one decision behind a point, where Prometheus keeps exemplars. */
  readonly exemplars?: boolean;
}

export interface Row {
  readonly title: Texts;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Part of its address in Grafana, and the name of its file. */
  readonly uid: string;
  readonly title: Texts;
  readonly about: Texts;
  /** How far back it looks when it is opened, such as `now-24h`. */
  readonly from: string;
  readonly rows: readonly Row[];
}

/** Two quantiles of a histogram, by what it is kept apart by. */
export function quantiles(metric: string, matching: string, levels: readonly number[]): readonly Query[] {
  return levels.map((level) => ({
    expr: `histogram_quantile(${level}, sum by (le) (rate(${metric}_bucket${matching}[$__rate_interval])))`,
    legend: `p${level * 100}`,
  }));
}
