const MICROS_PER_SECOND_DIGITS = 6;

/**
 * Microseconds since the epoch as BigQuery writes a TIMESTAMP without `useInt64Timestamp`: seconds as a float in Java's
 * notation, `1.767322645123456E9`, assembled from digits so that no microsecond is lost.
 */
export function epochSeconds(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const digits = (micros < 0n ? -micros : micros).toString();
  const exponent = digits.length - 1 - MICROS_PER_SECOND_DIGITS;
  if (micros === 0n) return '0.0';
  if (exponent >= -3 && exponent < 7) return `${sign}${plainDecimal(digits)}`;
  const mantissa = `${digits[0]}.${digits.slice(1).replace(/0+$/, '') || '0'}`;
  return `${sign}${mantissa}E${exponent}`;
}

function plainDecimal(digits: string): string {
  const padded = digits.padStart(MICROS_PER_SECOND_DIGITS + 1, '0');
  const whole = padded.slice(0, -MICROS_PER_SECOND_DIGITS);
  const fraction = padded.slice(-MICROS_PER_SECOND_DIGITS).replace(/0+$/, '');
  return `${whole}.${fraction || '0'}`;
}
