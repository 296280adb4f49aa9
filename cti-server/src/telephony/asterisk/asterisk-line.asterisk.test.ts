import { telephonyPortConformance } from '../port.conformance.ts';
import { asteriskWorld } from './asterisk-world.ts';

telephonyPortConformance('Asterisk', asteriskWorld);
