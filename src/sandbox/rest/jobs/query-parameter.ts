import { z } from 'zod';
import type { QueryParameter, QueryParameterType, QueryParameterValue } from '../../warehouse.ts';

/** Types and values nest, so each refers to itself. Null members are left out, as Google does. */
const parameterType: z.ZodType<QueryParameterType> = z.lazy(() =>
  z
    .object({
      type: z.string().min(1),
      arrayType: parameterType.nullish(),
      structTypes: z.array(z.object({ name: z.string().nullish(), type: parameterType })).nullish(),
    })
    .transform(({ type, arrayType, structTypes }) => ({
      type: type.toUpperCase(),
      ...(arrayType ? { arrayType } : {}),
      ...(structTypes
        ? {
            structTypes: structTypes.map((one) => ({
              ...(one.name ? { name: one.name } : {}),
              type: one.type,
            })),
          }
        : {}),
    })),
);

/** The API specifies text; clients also send numbers and booleans, and BigQuery accepts them. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const parameterValue: z.ZodType<QueryParameterValue> = z.lazy(() =>
  z
    .object({
      value: scalar.nullish(),
      arrayValues: z.array(parameterValue).nullish(),
      structValues: z.record(z.string(), parameterValue).nullish(),
    })
    .transform(({ value, arrayValues, structValues }) => ({
      ...(value === undefined ? {} : { value }),
      ...(arrayValues ? { arrayValues } : {}),
      ...(structValues ? { structValues } : {}),
    })),
);

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter */
export const queryParameter: z.ZodType<QueryParameter> = z
  .object({
    name: z.string().nullish(),
    parameterType,
    parameterValue: parameterValue.nullish(),
  })
  .transform(({ name, parameterType: type, parameterValue: value }) => ({
    ...(name ? { name } : {}),
    parameterType: type,
    parameterValue: value ?? { value: null },
  }));
