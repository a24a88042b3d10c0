import { isTrue, listIn, numberIn, objectIn } from '../cloud/values.ts';
import type { Check } from './check.ts';

/** An audit looks back a year. Source: the period of a SOC 2 type 2 report, and PCI DSS 10.5.1. */
export const auditWindowDays = 365;

/** Logs, archives and kept files that are gone before an audit asks for them. What has no end is kept for good. */
export const shortRetention: Check = ({ cloud }) => {
  const retentions = [
    ...cloud
      .ofType('AWS::Logs::LogGroup')
      .map((resource) => ({ resource, days: resource.properties['RetentionInDays'] })),
    // 0 days are for ever.
    ...cloud
      .ofType('AWS::Events::Archive')
      .map((resource) => ({ resource, days: resource.properties['RetentionDays'] || undefined })),
    ...cloud.ofType('AWS::S3::Bucket').flatMap((resource) =>
      listIn(objectIn(resource.properties['LifecycleConfiguration'])['Rules'])
        .map(objectIn)
        .filter(({ Status }) => Status === 'Enabled' || isTrue(Status))
        .map(({ ExpirationInDays }) => ({ resource, days: ExpirationInDays })),
    ),
  ];
  return retentions
    .filter(({ days }) => days !== undefined && (numberIn(days) ?? 0) < auditWindowDays)
    .map(({ resource, days }) => ({
      resource,
      problem: `what it keeps is gone after ${String(days)} days, before an audit asks for it`,
      value: days,
      mend: `keep it for ${auditWindowDays} days or longer`,
    }));
};
