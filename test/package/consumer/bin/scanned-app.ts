import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { app } from './app';

Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
