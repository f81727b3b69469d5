export const progress = {
  goal_unknown: 'We count classes or minutes.',
  goal_out_of_range: 'A goal is 1 to 14 classes, or 15 to 1,500 minutes a week.',
  goal_not_found: 'There is no goal to give up.',
};
