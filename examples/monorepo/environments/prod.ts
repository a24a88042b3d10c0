import { pipeline, pipelines } from '../../../workload-account/pipeline-definition.ts';

/** A pipeline for one service of the repository: it starts for merges that change the service's folder, or what all share. */
const service = (part: string) =>
  pipeline('shop', part)
    .onlyFor(`${part}/**`, 'shared/**', '!**/*.md')
    .build({ buildspec: `${part}/buildspec.yml` })
    .deployStack();

/** The web team hears of every release, the API's team of failures alone. */
export default pipelines(
  service('web').notify(['web@example.com']),
  service('api').notify(['api@example.com'], { of: ['FAILED'] }),
);
