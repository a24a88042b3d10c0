import type { ExecutionJourney } from '../../audit/trail/execution.ts';
import type { EnvironmentJourney, Journey } from '../../audit/trail/journey.ts';
import { markupText } from './markup.ts';

/** Journeys as one page that needs nothing else: a timeline for each, every name and reason escaped. */
export function tracePage(journeys: readonly Journey[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${markupText(journeys[0]?.commitId ?? 'journeys')}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #1c2330; background: #fff; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; } code { font-size: .9em; }
.bar { position: relative; height: 1.6rem; background: #eef1f5; margin: .2rem 0; border-radius: 3px; }
.bar span { position: absolute; top: 0; height: 100%; min-width: 3px; border-radius: 3px; background: #7a8699; }
.bar .SUCCEEDED { background: #2e8b57; } .bar .FAILED, .bar .STOPPED { background: #c0392b; }
.bar b { position: relative; padding-left: .5rem; font-weight: 500; } .gap { color: #c0392b; } dt { font-weight: 600; }
@media (prefers-color-scheme: dark) { body { color: #dfe5ee; background: #151a22; } .bar { background: #252d3a; } }
</style>
</head>
<body>
${journeys.map(article).join('\n')}
</body>
</html>
`;
}

function article({ repository, branch, commitId, announcements, environments, gaps }: Journey): string {
  const merges = announcements.map(
    ({ merge, announcedAt }) =>
      `<dt>${markupText(merge.kind)}</dt><dd>by ${markupText(merge.mergedBy ?? 'somebody CodeCommit does not name')}, announced ${markupText(announcedAt)}, merge id <code>${markupText(merge.mergeId)}</code>, event <code>${markupText(merge.sourceEvent.id)}</code></dd>`,
  );
  return [
    `<article><h1>${markupText(repository)} ${markupText(branch)} <code>${markupText(commitId)}</code></h1>`,
    `<dl>${merges.join('')}</dl>`,
    ...gaps.map((gap) => `<p class="gap">Missing: ${markupText(gap)}</p>`),
    ...environments.map((each) => environmentSection(each)),
    '</article>',
  ].join('\n');
}

function environmentSection({ environment, account, pipeline, decisions, executions }: EnvironmentJourney): string {
  const reasons = decisions.map(
    ({ decision, recordedAt }) =>
      `<dt>${markupText(decision.outcome)}</dt><dd>${markupText(decision.reason)} <small>${new Date(recordedAt).toISOString()}</small></dd>`,
  );
  return [
    `<h2>${markupText(environment)}, account ${markupText(account)}, pipeline ${markupText(pipeline)}</h2>`,
    `<dl>${reasons.join('')}</dl>`,
    ...executions.map(timeline),
  ].join('\n');
}

function timeline(execution: ExecutionJourney): string {
  const begin = execution.startedAt ?? 0;
  const last = Math.max(begin + 1, execution.endedAt ?? 0, ...execution.stages.map(({ endedAt = 0 }) => endedAt));
  const percent = (milliseconds: number) => ((100 * milliseconds) / (last - begin)).toFixed(2);
  const bars = execution.stages.map(({ name, state, startedAt = begin, endedAt = last, actions }) => {
    const said = actions.flatMap(({ summary }) => summary ?? []).join('; ');
    return `<div class="bar"><span class="${markupText(state)}" style="left:${percent(startedAt - begin)}%;width:${percent(endedAt - startedAt)}%"></span><b>${markupText(name)}: ${markupText(state.toLowerCase())} in ${((endedAt - startedAt) / 1000).toFixed(1)} s ${markupText(said)}</b></div>`;
  });
  return `<p>Execution <code>${markupText(execution.executionId)}</code>: ${markupText(execution.state.toLowerCase())}</p>\n${bars.join('\n')}`;
}
