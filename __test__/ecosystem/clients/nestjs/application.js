'use strict';

// The program: a controller with a service, a guard, an interceptor, a pipe, a filter of errors and
// a provider of each request's own. `hooks` is told what is seen where.

const { Readable } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const {
  Catch,
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  Req,
  Body,
  StreamableFile,
  UseGuards,
  UseInterceptors,
  UsePipes,
} = require('@nestjs/common');
const { ClsModule, ClsService, InjectableProxy, UseCls } = require('nestjs-cls');
const { catchError, map, throwError } = require('rxjs');
const { REQUEST_ID } = require('../../helpers/load.js');
const { decorate } = require('./decorate.js');

function createModule(initializer, { see, barrier }) {
  const idOf = (req) => req.headers[REQUEST_ID];

  // One instance for each request, as which the proxy that is injected presents itself.
  class Session {
    constructor(cls) {
      this.id = cls.get('id');
    }
  }
  decorate(Session, { of: [InjectableProxy()], types: [ClsService] });

  class Service {
    constructor(cls, session) {
      this.cls = cls;
      this.session = session;
    }

    async work(id) {
      see('service', id);
      await barrier.arrive();
      see('service, after await of what another request resolves', id);
      await delay(1);
      see('service, after await of a timer', id);
      return { seen: [this.cls.get('id'), this.session.id] };
    }

    // As what takes jobs from a queue: there is no request.
    async job(id) {
      see('method with UseCls(), as a job', id);
      await barrier.arrive();
      await this.cls.run(async () => {
        see('cls.run() inside, which inherits', id);
        await delay(1);
        this.cls.set('id', 'inner');
      });
      see('method with UseCls(), after await of it', id);
    }
  }
  decorate(Service, {
    of: [Injectable()],
    types: [ClsService, Session],
    methods: { job: { of: [UseCls({ setup: (cls, id) => cls.set('id', id) })] } },
  });

  class Guard {
    canActivate(context) {
      see('guard', idOf(context.switchToHttp().getRequest()));
      return true;
    }
  }
  decorate(Guard, { of: [Injectable()] });

  class Interceptor {
    intercept(context, next) {
      const id = idOf(context.switchToHttp().getRequest());
      see('interceptor, before the handler', id);
      return next.handle().pipe(
        map((value) => {
          see('interceptor, map() of what the handler returned', id);
          return value;
        }),
        catchError((err) => {
          see('interceptor, catchError()', id);
          return throwError(() => err);
        }),
      );
    }
  }
  decorate(Interceptor, { of: [Injectable()] });

  class Pipe {
    transform(value) {
      if (value?.id !== undefined) see('pipe', value.id);
      return value;
    }
  }
  decorate(Pipe, { of: [Injectable()] });

  class Filter {
    constructor(cls) {
      this.cls = cls;
    }

    catch(err, host) {
      const http = host.switchToHttp();
      see('filter of errors', idOf(http.getRequest()));
      http
        .getResponse()
        .status(500)
        .json({ seen: [this.cls.get('id')] });
    }
  }
  decorate(Filter, { of: [Catch(Error)], types: [ClsService] });

  class Routes {
    constructor(service) {
      this.service = service;
    }

    async work(req, body) {
      see('controller', body.id);
      req.res.on('finish', () => see("event 'finish' of the response", body.id));
      return this.service.work(body.id);
    }

    async fail(req) {
      await delay(1);
      throw new Error(idOf(req));
    }

    async stream(req) {
      const source = Readable.from(
        (async function* () {
          await barrier.arrive();
          see('generator of a StreamableFile', idOf(req));
          yield idOf(req);
        })(),
      );
      return new StreamableFile(source);
    }
  }
  decorate(Routes, {
    of: [Controller(), UseGuards(Guard), UseInterceptors(Interceptor), UsePipes(Pipe)],
    types: [Service],
    methods: {
      work: { of: [Post('work')], parameters: [Req(), Body()] },
      fail: { of: [Get('fail')], parameters: [Req()] },
      stream: { of: [Get('stream')], parameters: [Req()] },
    },
  });

  class Application {}
  decorate(Application, {
    of: [
      Module({
        imports: [
          ClsModule.forRoot({ global: true, ...initializer }),
          ClsModule.forFeature(Session),
        ],
        controllers: [Routes],
        providers: [Service, Filter],
      }),
    ],
  });
  return { Application, Filter, Service };
}

module.exports = { createModule };
