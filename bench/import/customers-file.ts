import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

const given = ['María', 'José', 'Antonio', 'Carmen', 'Lucía', 'Jesús', 'Ángel', 'Begoña', 'Íñigo', '芳', '伟', 'Oliver', 'Zoë', 'Chloé'];
const family = ['García', 'Núñez', 'Ibáñez', 'Álvarez', 'Muñoz', 'López', 'Sánchez', '王', '李', 'Smith', 'O’Neill', 'Brown'];
const cities = ['Madrid', 'Cádiz', 'León', '上海', '台北', 'London', 'Ávila', 'Málaga'];
const trades = ['Talleres', 'Clínica', 'Hotel', 'Panadería', 'Academia', 'Transportes'];

/** Numbers as people write them: with spaces, without a country, with 0034, with a plus. */
function numberOf(i: number): string {
  const digits = `63${String(i).padStart(7, '0')}`;
  switch (i % 4) {
    case 0:
      return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
    case 1:
      return `+34${digits}`;
    case 2:
      return digits;
    default:
      return `0034 ${digits.slice(0, 3)} ${digits.slice(3)}`;
  }
}

/** One row in a hundred repeats an earlier one, one in two hundred cannot be imported. */
export async function writeCustomersFile(path: string, rows: number): Promise<{ created: number; duplicates: number; rejected: number }> {
  const file = createWriteStream(path);
  const counts = { created: 0, duplicates: 0, rejected: 0 };
  file.write('Nombre,Empresa,Correo electrónico,Teléfono,Ciudad,País,Nivel,Observaciones\r\n');
  let lines = '';
  for (let i = 0; i < rows; i++) {
    const isBad = i % 200 === 199;
    const isRepeated = !isBad && i % 100 === 50;
    counts[isBad ? 'rejected' : isRepeated ? 'duplicates' : 'created'] += 1;
    const of = isRepeated ? i - 1 : i;
    const name = `${given[i % given.length] ?? ''} ${family[(i * 7) % family.length] ?? ''} ${String(i)}`;
    const company = i % 3 === 0 ? `"${trades[i % trades.length] ?? ''} ${family[i % family.length] ?? ''}, S.L."` : '';
    lines += `${name},${company},${isBad ? 'nobody' : `customer${String(of)}@customers.example`},${numberOf(of)},${cities[i % cities.length] ?? ''},ES,${'ABC'[i % 3] ?? ''},"Says ""hello"" ${String(i % 997)}"\r\n`;
    if (lines.length < 1_000_000) continue;
    if (!file.write(lines)) await once(file, 'drain');
    lines = '';
  }
  file.end(lines);
  await finished(file);
  return counts;
}
