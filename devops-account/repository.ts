import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-codecommit';
import { Construct } from 'constructs';
import type { Organisation } from '../shared/organisation-schema.ts';

/** Merge: the repositories whose branches environments follow. Those a company has already are only named; `create: true` makes one. */
export class Repositories extends Construct {
  constructor(scope: Construct, id: string, { repositories }: Organisation) {
    super(scope, id);
    for (const { name } of repositories.filter(({ create }) => create)) this.#make(name);
  }

  #make(name: string): void {
    const repository = new CfnRepository(this, name, { repositoryName: name });
    repository.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}
