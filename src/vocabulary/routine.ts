/** A function or procedure of the company's own, fully qualified, as in the API's `RoutineReference`. */
export interface RoutineReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly routineId: string;
}

/** What the warehouse says about a routine itself. */
export interface RoutineDefinition {
  /** Whether another service does its work, or may: a remote function, or code in Python or Spark. */
  readonly isOutside: boolean;
  /** What it runs, as GoogleSQL that can be read; null if that is not SQL. */
  readonly sql: string | null;
}

/** `project.dataset.routine`: how policies, records and messages name a routine. */
export function routineName({ projectId, datasetId, routineId }: RoutineReference): string {
  return `${projectId}.${datasetId}.${routineId}`;
}

/** The routine of this name. A project may have dots in its name. */
export function routineNamed(name: string): RoutineReference {
  const [routineId = '', datasetId = '', ...project] = name.split('.').reverse();
  return { projectId: project.reverse().join('.'), datasetId, routineId };
}
