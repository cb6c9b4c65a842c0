import { log } from './log.mjs';

/** Answers a request, which has a context of its own. */
export function handle({ pool, rates }, req, res) {
  log(`asks for ${req.url}`);
  if (req.url === '/rate') {
    rates.once('rate', (rate) => {
      log(`has the rate ${rate}`);
      res.end(`${rate}\n`);
    });
    rates.ask();
    return;
  }
  pool.query(`select ${req.url}`, function onRow(error, row) {
    log(`has ${row}`);
    res.end(`${row}\n`);
  });
}
