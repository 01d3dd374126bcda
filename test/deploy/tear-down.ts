import { closeReport } from './report';

export default function tearDown(): void {
  closeReport();
}
