// An API with three routes, guarded by express-oauth2-jwt-bearer. Prints its port.
import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';

const [issuerBaseURL, audience] = process.argv.slice(2);
const token = auth({ issuerBaseURL, audience });

const app = express();
app.use(express.urlencoded({ extended: false }));
app.all('/api/public', (_request, response) => response.send('public'));
app.all('/api/private', token, (_request, response) => response.send('private'));
app.all('/api/private-scoped', token, requiredScopes('read:messages'), (_request, response) =>
  response.send('scoped'),
);

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
