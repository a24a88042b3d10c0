/** How many artifacts an action takes and makes: the fewest and the most. */
export interface ArtifactCounts {
  readonly inputs: readonly [number, number];
  readonly outputs: readonly [number, number];
}

/** By `<category>/<provider>`. Source: "Valid input and output artifacts for each action type" of the CodePipeline guide, and facts 3.8. */
export const artifactCounts: Readonly<Record<string, ArtifactCounts>> = {
  'Approval/Manual': { inputs: [0, 0], outputs: [0, 0] },
  'Build/CodeBuild': { inputs: [1, 5], outputs: [0, 5] },
  'Compute/Commands': { inputs: [1, 10], outputs: [0, 1] },
  'Deploy/CloudFormation': { inputs: [0, 10], outputs: [0, 1] },
  'Deploy/CodeDeploy': { inputs: [1, 1], outputs: [0, 0] },
  'Deploy/S3': { inputs: [1, 1], outputs: [0, 0] },
  'Invoke/CodePipeline': { inputs: [0, 0], outputs: [0, 0] },
  'Invoke/Lambda': { inputs: [0, 5], outputs: [0, 5] },
  'Source/CodeCommit': { inputs: [0, 0], outputs: [1, 1] },
  'Source/S3': { inputs: [0, 0], outputs: [1, 1] },
  'Test/CodeBuild': { inputs: [1, 5], outputs: [0, 5] },
};
