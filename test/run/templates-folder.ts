/** The environment variable that says where the templates of one run of the tests are kept. */
export const folderVariable = 'TEMPLATES_OF_THIS_RUN';
