import { type FlowGraph, flowGraph } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Transaction } from '../setup/index.ts';
import type { FlowsService } from './flows.service.ts';
import { flowsStore } from './flows.store.ts';

const demoFlowName = 'Línea de atención';

/** The call flow of the demo's hotline, as a draft. Answers its id. */
export async function insertDemoFlow(tx: Transaction, clock: Clock, queueId: string): Promise<string> {
  const there = (await flowsStore.list(tx)).find((flow) => flow.name === demoFlowName);
  if (there) return there.id;
  const draft = demoGraph(queueId);
  const id = newId(clock.now());
  await flowsStore.insert(tx, { id, name: demoFlowName, language: 'es', draft, updatedAt: new Date(clock.now()), updatedBy: null });
  return id;
}

/** Publishes it once it can be spoken; what somebody published, or deleted, stays as it is. */
export async function publishDemoFlow(flows: FlowsService): Promise<void> {
  const demo = (await flows.list()).find((flow) => flow.name === demoFlowName && flow.published === null);
  if (demo) await flows.publish(null, demo.id, demo.version, 'Primera versión');
}

function demoGraph(queueId: string): FlowGraph {
  const say = (words: string): object => ({ kind: 'words', words });
  return flowGraph.parse({
    startId: 'saludo',
    nodes: [
      { id: 'saludo', kind: 'greeting', label: 'Bienvenida', x: 0, y: 0, prompt: say('Bienvenido a la línea de atención.') },
      {
        ...{ id: 'menu', kind: 'menu', label: 'Motivo', x: 290, y: 0 },
        prompt: say('Para consultar un pedido, pulse uno. Si ya es cliente, pulse dos. Si prefiere que le llamemos, pulse tres. Para hablar con un agente, pulse cero.'),
        retryPrompt: say('No le hemos entendido.'),
        keys: [
          { key: '1', label: 'Pedido' },
          { key: '2', label: 'Ya soy cliente' },
          { key: '3', label: 'Que me llamen' },
          { key: '0', label: 'Agente' },
        ],
      },
      {
        ...{ id: 'pedido', kind: 'digits', label: 'Número de pedido', x: 580, y: 0, variable: 'pedido', minDigits: 4, maxDigits: 8 },
        prompt: say('Marque el número de su pedido y pulse almohadilla.'),
      },
      { id: 'nivel', kind: 'caller', label: 'Nivel del cliente', by: 'tier', x: 580, y: 220 },
      { id: 'devolver', kind: 'callback', label: 'Devolver la llamada', queueId, x: 580, y: 430, prompt: say('Pulse uno y le llamaremos en cuanto haya un agente libre. Conserva su turno.') },
      { id: 'preferente', kind: 'queue', label: 'Atención preferente', queueId, priorityBonus: 20, x: 870, y: 110 },
      { id: 'cola', kind: 'queue', label: 'Atención al cliente', queueId, x: 870, y: 330 },
    ],
    edges: [
      ['saludo', 'next', 'menu'],
      ['menu', '1', 'pedido'],
      ['menu', '2', 'nivel'],
      ['menu', '3', 'devolver'],
      ['menu', '0', 'cola'],
      ['menu', 'invalid', 'cola'],
      ['menu', 'timeout', 'cola'],
      ['pedido', 'next', 'cola'],
      ['pedido', 'invalid', 'cola'],
      ['pedido', 'timeout', 'cola'],
      ['nivel', 'A', 'preferente'],
      ['nivel', 'B', 'cola'],
      ['nivel', 'C', 'cola'],
      ['nivel', 'unknown', 'cola'],
      ['devolver', 'refused', 'cola'],
    ].map(([from, port, to]) => ({ from, port, to })),
  });
}
