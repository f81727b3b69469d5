/** Numbers of classes that are remembered. SQL gives them out (members.count_visit); here they are looked forward to. */
const remembered = [1, 10, 25, 50, 100, 150, 200, 250, 300, 365, 400];

/** The next number after so many visits. */
export const nextMilestone = (visits: number): number =>
  remembered.find((count) => count > visits) ?? (Math.floor(visits / 500) + 1) * 500;
