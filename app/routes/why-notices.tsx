// Why somebody gets these mails, and how to change who gets them; every mail links here.
import type { MetaFunction } from '@remix-run/node';
import { PageHeader } from '../components/page-header.tsx';

export const meta: MetaFunction = () => [
  { title: 'Por qué recibes estos avisos · Seguimiento de Convenios' },
];

export default function WhyNotices() {
  return (
    <div className="narrow prose">
      <PageHeader title="Por qué recibes estos avisos">
        <p className="lead">
          Tu cargo responde por una obligación del convenio entre el INE y el IEM, o suple a quien responde.
          El aviso va al cargo: quien lo ocupa hoy es quien lo recibe.
        </p>
      </PageHeader>
      <h2>Cuándo llega un aviso</h2>
      <p>
        Los días en que se atiende el correo, a lo más uno ordinario por persona y por día, y sólo si hay algo
        que decir. Salvo que la Dirección acuerde otra cosa, a las 8:00 h: 10, 5 y 1 día antes de la fecha, y
        el mismo día. Lo que vence en un día sin atención se avisa el anterior; la fecha no cambia. Después,
        se avisa también a la persona titular del área; a los 3 días, a la Dirección de Vinculación; a los 5,
        a la Secretaría Técnica de la Comisión. Lo que se cuenta en horas se avisa a su hora, en un correo
        aparte.
      </p>
      <p>
        Al abrir la semana, la persona titular de un área sin pendientes recibe un correo que lo dice; la
        Dirección, lo que espera de ella; y la Comisión, un resumen, que se puede dejar de recibir. Si algún
        correo no sale, quien administra el sistema recibe uno que lo dice, a lo más una vez al día.
      </p>
      <p>
        Quien llega a un cargo lee primero lo que recibe con él: viene al principio de su primer correo de la
        mañana.
      </p>
      <p>
        Quien lo elige en <strong>Mi calendario</strong> recibe además una invitación de calendario por cada
        vencimiento de sus áreas. No es un aviso, y también se puede dejar de recibir.
      </p>
      <h2>Cómo se detiene</h2>
      <p>
        Reporta el cumplimiento con la fecha y el número del documento: los avisos de esa obligación se
        detienen en ese momento y el turno pasa a la Dirección. Responder el correo llega a la Dirección de
        Vinculación, pero no registra cumplimiento.
      </p>
      <p>
        Si ya lo sabes y lo atiendes, <strong>acusa el aviso</strong> desde el correo o desde el vencimiento:
        el siguiente no te llegará. También puedes <strong>posponerlo</strong> a otro día, no después de la
        fecha. Ni una cosa ni otra cambian el vencimiento, ni lo que se avisa a las demás personas.
      </p>
      <h2>Cómo cambiar a quién llega</h2>
      <p>
        Para nombrar suplente, cambiar el buzón o avisar que la obligación no es de tu área, escribe a la
        Dirección de Vinculación. Los avisos obligatorios no se pueden cancelar: su destinatario se cambia.
      </p>
      <h2>Qué no hacemos</h2>
      <p>No medimos si abriste el correo ni qué enlaces usaste. Ningún aviso pide contraseñas.</p>
    </div>
  );
}
