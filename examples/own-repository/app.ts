import { production } from './stack.ts';

production().synth();
