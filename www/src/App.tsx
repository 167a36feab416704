export function App() {
  return <main>Coderoom</main>;
}
