// Loaded before a program (`node --import`): SIGUSR2 blocks its event loop for BLOCK_LOOP_MS milliseconds.
import process from 'node:process';

process.on('SIGUSR2', () => {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(nobody, 0, 0, Number(process.env['BLOCK_LOOP_MS'] ?? 0));
});
