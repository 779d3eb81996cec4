/**
 * Functions of BigQuery ML that call no model: they prepare data, or compute on numbers alone.
 * @see https://cloud.google.com/bigquery/docs/manual-preprocessing
 */
const WITHOUT_MODEL: ReadonlySet<string> = new Set(
  `BAG_OF_WORDS BUCKETIZE CONVERT_COLOR_SPACE CONVERT_IMAGE_TYPE DECODE_IMAGE DISTANCE FEATURE_CROSS HASH_BUCKETIZE IMPUTER
  LABEL_ENCODER LP_NORM MAX_ABS_SCALER MIN_MAX_SCALER MULTI_HOT_ENCODER NGRAMS NORMALIZER ONE_HOT_ENCODER
  POLYNOMIAL_EXPAND QUANTILE_BUCKETIZE RESIZE_IMAGE ROBUST_SCALER STANDARD_SCALER TF_IDF`.split(/\s+/),
);

/**
 * Other functions whose work is done outside of BigQuery: in a database of the caller's, and by Earth Engine.
 * @see https://cloud.google.com/bigquery/docs/federated-queries-intro
 * @see https://cloud.google.com/bigquery/docs/raster-data
 */
const ELSEWHERE: ReadonlySet<string> = new Set(['EXTERNAL_QUERY', 'ST_REGIONSTATS']);

/**
 * Functions of AI whose model is within BigQuery: they are billed by bytes, as queries are.
 * @see https://cloud.google.com/bigquery/docs/timesfm-model
 */
const WITHIN_BIGQUERY: ReadonlySet<string> = new Set(['DETECT_ANOMALIES', 'FORECAST']);

/**
 * Those of these functions whose work another service does and bills, or may: generative AI and other models by Vertex AI and
 * its like, and databases behind `EXTERNAL_QUERY`. Neither bytes nor slots count that work. Whether a model is remote is in
 * its definition, not in the SQL, so every function that takes a model counts, and so does every one that is not known.
 * @param functions as a reading names them: in upper case, without `SAFE.`
 * @see https://cloud.google.com/bigquery/docs/generative-ai-overview
 */
export function outsideServices(functions: readonly string[]): readonly string[] {
  return functions.filter((name) => {
    const [namespace, own, ...more] = name.split('.');
    if (own === undefined || more.length > 0) return ELSEWHERE.has(name);
    return (
      (namespace === 'AI' && !WITHIN_BIGQUERY.has(own)) || (namespace === 'ML' && !WITHOUT_MODEL.has(own))
    );
  });
}
