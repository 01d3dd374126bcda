import type { RehearsalReport } from './report';
export function reportPage(report: RehearsalReport): string {
  return JSON.stringify(report);
}
