export default (task) => task.a + task.b;
