/** What is shown until the first page's code is there: the background alone, so that nothing jumps. */
export function LoadingPage() {
  return <div className="first-paint" aria-busy="true" />;
}
