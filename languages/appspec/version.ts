import { type Shape, text } from '../yaml/shapes.ts';

/** The only version of AppSpec files there is; CodeDeploy keeps it for later. */
export const version: Shape<'0.0'> = (spot) => {
  const given = text(spot);
  if (given === '0.0') return given;
  throw spot.refusal(`'${given}' is no version of AppSpec files`, 'write `version: 0.0`');
};
