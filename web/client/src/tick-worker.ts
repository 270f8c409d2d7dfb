/** A worker that says nothing every so many milliseconds, which it is told first. */

onmessage = ({ data }: MessageEvent<number>): void => {
  setInterval(() => postMessage(undefined), data);
};
